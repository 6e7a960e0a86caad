print("jiesu")
