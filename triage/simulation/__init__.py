"""What would outcomes look like if the evidence were true? Simulated people, and called so."""
