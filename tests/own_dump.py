"""A dump of two made-up seasons, small enough to check by hand.

1955 has one race with a shared drive and drivers without codes; 2023 a race with lap times, a car
from the pit lane, one that withdrew, and a sprint.
"""

from __future__ import annotations

RESULTS = (
    "resultId,raceId,driverId,constructorId,number,grid,position,positionText,positionOrder,"
    "points,laps,time,milliseconds,fastestLap,fastestLapTime,statusId"
)

DUMP: dict[str, str] = {
    "circuits": """circuitId,circuitRef,name,location,country
1,north,North Ring,Nordstadt,Norland
""",
    "races": """raceId,year,round,circuitId,name,date,time
11,1955,1,1,Northern Grand Prix,1955-06-05,\\N
21,2023,1,1,São Norte Grand Prix,2023-06-04,13:00:00Z
22,2023,2,1,Northern Grand Prix,2023-06-18,13:00:00Z
""",
    "drivers": """driverId,driverRef,number,code,forename,surname,dob,nationality
1,hill,\\N,\\N,Phil,Hill,1927-04-20,American
2,ghill,\\N,\\N,Graham,Hill,1929-02-15,British
3,trips,\\N,\\N,Wolfgang,von Trips,1928-05-04,German
4,ver,33,VER,Max,Verstappen,1997-09-30,Dutch
5,per,11,PER,Sergio,Pérez,1990-01-26,Mexican
6,ham,44,HAM,Lewis,Hamilton,1985-01-07,British
7,lec,16,LEC,Charles,Leclerc,1997-10-16,Monegasque
""",
    "constructors": """constructorId,constructorRef,name,nationality
1,ferrari,Ferrari,Italian
2,lotus,Lotus,British
3,red_bull,Red Bull,Austrian
4,mercedes,Mercedes,German
""",
    "status": """statusId,status
1,Finished
4,Collision
11,+1 Lap
54,Withdrew
""",
    "results": RESULTS
    + """
1,11,1,1,2,1,1,1,1,4,50,3:00:00.5,10800500,\\N,\\N,1
2,11,3,1,2,0,1,1,2,4,50,3:00:00.5,10800500,\\N,\\N,1
3,11,2,2,5,0,\\N,R,3,0,0,\\N,\\N,\\N,\\N,4
4,11,1,1,6,2,\\N,R,4,0,12,\\N,\\N,\\N,\\N,4
5,21,4,3,1,1,1,1,1,25,3,4:30.000,270000,2,1:29.000,1
6,21,6,4,44,2,2,2,2,18,3,+1.500,271500,3,1:29.500,1
7,21,5,3,11,0,3,3,3,15,2,\\N,\\N,1,1:35.000,11
8,21,7,1,16,0,\\N,W,4,0,0,\\N,\\N,\\N,\\N,54
""",
    "sprint_results": RESULTS
    + """
1,21,6,4,44,1,1,1,1,8,2,3:01.000,181000,2,1:30.000,1
2,21,4,3,1,2,2,2,2,7,2,+0.250,181250,1,1:30.100,1
""",
    "qualifying": """qualifyId,raceId,driverId,constructorId,number,position,q1,q2,q3
1,21,4,3,1,1,1:10.000,1:09.500,1:09.001
2,21,6,4,44,2,1:10.100,1:09.600,\\N
3,21,5,3,11,3,1:11.000,\\N,\\N
""",
    "pit_stops": """raceId,driverId,stop,lap,time,duration,milliseconds
21,4,1,1,15:03:00,22.427,22427
21,6,1,2,15:04:30,20:09.136,1209136
""",
    "driver_standings": """driverStandingsId,raceId,driverId,points,position,positionText,wins
1,21,6,26,2,2,0
2,21,4,32,1,1,1
""",
    "constructor_standings": """raceId,constructorId,points,position,positionText,wins
21,3,47,1,1,1
21,4,26,2,2,0
""",
    "lap_times": """raceId,driverId,lap,position,time,milliseconds
21,4,1,1,1:31.000,91000
21,4,2,1,1:29.000,89000
21,4,3,1,1:30.000,90000
21,6,1,2,1:31.500,91500
21,6,2,2,1:30.500,90500
21,6,3,2,1:29.500,89500
21,5,2,3,1:35.000,95000
""",
}


def dump(**changed: str | None) -> dict[str, bytes]:
    """Files of the dump; tables may be replaced, or left out with None."""
    tables = {**DUMP, **changed}
    return {f"{name}.csv": text.encode() for name, text in tables.items() if text is not None}
