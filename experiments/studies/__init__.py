"""Studies: how good is what is learned from outcomes, beside what anyone else would use?"""
