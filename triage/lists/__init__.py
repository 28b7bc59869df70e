"""How does an attendance list become a scored list? Read, map, tidy, score, write."""
