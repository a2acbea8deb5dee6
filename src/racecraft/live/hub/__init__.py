"""How do programs hear a session: a hub that speaks SignalR Core, and a client of one?"""
