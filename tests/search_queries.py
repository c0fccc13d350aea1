"""What people type, and what they expect first: a movie, or a person where the line says so."""

MOVIES = {
    # as it is written, and nearly so
    "leaving metropolis": "Leaving Metropolis", "Leaving Metropolis (2002)": "Leaving Metropolis",
    "metropolis": "Metropolis", "metropolis 1927": "Metropolis", "the godfather": "The Godfather",
    "godfather": "The Godfather", "godfather, the": "The Godfather", "matrix, the": "The Matrix", "matrix": "The Matrix",
    "THE MATRIX": "The Matrix", "seven samurai": "Seven Samurai", "samurai seven": "Seven Samurai",
    "7 samurai": "Seven Samurai", "third man": "The Third Man", "the third man": "The Third Man",
    "citizen kane": "Citizen Kane", "kane": "Citizen Kane", "casablanca": "Casablanca", "alien": "Alien",
    "jaws": "Jaws", "dune": "Dune", "moon": "Moon", "z": "Z", "m": "M", "tenet": "Tenet",
    # accents, case, punctuation, ligatures
    "amelie": "Amélie", "Amélie": "Amélie", "AMELIE": "Amélie", "haxan": "Haxan: Witchcraft Through the Ages",
    "häxan": "Haxan: Witchcraft Through the Ages", "nausicaa": "Nausicaä of the Valley of the Wind",
    "a bout de souffle": "Breathless", "à bout de souffle": "Breathless", "la strada": "La Strada",
    "8 1/2": "8½", "8½": "8½", "m hulots holiday": "M. Hulot's Holiday", "m. hulot's holiday": "M. Hulot's Holiday",
    "2001": "2001: A Space Odyssey", "2001 a space odyssey": "2001: A Space Odyssey",
    "space odyssey": "2001: A Space Odyssey", "12 angry men": "12 Angry Men", "twelve angry men": "12 Angry Men",
    "3 idiots": "3 Idiots", "three idiots": "3 Idiots", "three colors blue": "Three Colors: Blue",
    "3 colors blue": "Three Colors: Blue", "dr strangelove": "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    "dr. strangelove": "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    "how i learned to stop worrying": "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    # other titles and scripts
    "les 400 coups": "The 400 Blows", "les quatre cents coups": "The 400 Blows", "400 blows": "The 400 Blows",
    "ladri di biciclette": "Bicycle Thieves", "bicycle thief": "Bicycle Thieves", "bicycle thieves": "Bicycle Thieves",
    "nuovo cinema paradiso": "Cinema Paradiso", "det sjunde inseglet": "The Seventh Seal",
    "seventh seal": "The Seventh Seal", "7th seal": "The Seventh Seal", "lola rennt": "Run Lola Run",
    "das cabinet des dr caligari": "The Cabinet of Dr. Caligari", "caligari": "The Cabinet of Dr. Caligari",
    "la belle et la bete": "Beauty and the Beast", "c'era una volta il west": "Once Upon a Time in the West",
    "七人の侍": "Seven Samurai", "七人": "Seven Samurai", "千と千尋": "Spirited Away", "東京物語": "Tokyo Story",
    "生きる": "Ikiru", "羅生門": "Rashomon", "기생충": "Parasite", "올드보이": "Oldboy", "花樣年華": "In the Mood for Love",
    "Броненосец": "Battleship Potemkin", "сталкер": "Stalker", "Солярис": "Solaris", "летят журавли": "The Cranes Are Flying",
    "معركة الجزائر": "The Battle of Algiers", "طعم گیلاس": "Taste of Cherry",
    "পথের পাঁচালী": "Pather Panchali", "shichinin no samurai": "Seven Samurai", "gisaengchung": "Parasite",
    "obchod na korze": "The Shop on Main Street", "popiol i diament": "Ashes and Diamonds",
    "mitt liv som hund": "My Life as a Dog", "el laberinto del fauno": "Pan's Labyrinth",
    # beginnings
    "leav": "Leaving Metropolis", "casab": "Casablanca", "spirited aw": "Spirited Away", "in the mood": "In the Mood for Love",
    "lawrence of": "Lawrence of Arabia", "once upon a time": "Once Upon a Time in the West", "pan's lab": "Pan's Labyrinth",
    "crouching": "Crouching Tiger, Hidden Dragon", "hidden dragon": "Crouching Tiger, Hidden Dragon",
    # a year
    "solaris 1972": "Solaris", "dune 2021": "Dune", "parasite 2019": "Parasite", "alien (1979)": "Alien",
    "oldboy 2003": "Oldboy", "beauty and the beast 1946": "Beauty and the Beast",
    # somebody's name with a word of the title
    "kurosawa rashomon": "Rashomon", "hitchcock vanishes": "The Lady Vanishes", "fellini strada": "La Strada",
    "brad fraser metropolis": "Leaving Metropolis", "chaplin gold": "The Gold Rush", "ridley scott alien": "Alien",
    "welles kane": "Citizen Kane", "miyazaki totoro": "My Neighbor Totoro", "bogart casablanca": "Casablanca",
    # slips
    "leaving metropolys": "Leaving Metropolis", "casablnca": "Casablanca", "godfahter": "The Godfather",
    "spirted away": "Spirited Away", "rashomom": "Rashomon", "citzen kane": "Citizen Kane", "nosferatoo": "Nosferatu",
    "parasyte": "Parasite", "metroplis": "Metropolis", "lawrance of arabia": "Lawrence of Arabia",
    "strangelov bomb": "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
    # ids
    "tt0050083": "12 Angry Men", "https://www.imdb.com/title/tt0050083/": "12 Angry Men", "tmdb:389": "12 Angry Men",
    "Q2345": "12 Angry Men",
}  # fmt: skip
PEOPLE = {
    "akira kurosawa": "Akira Kurosawa", "kurosawa": "Akira Kurosawa", "kurosawa akira": "Akira Kurosawa",
    "黒澤明": "Akira Kurosawa", "wong kar wai": "Wong Kar-wai", "wong kar-wai": "Wong Kar-wai", "karwai": "Wong Kar-wai",
    "hitchcock": "Alfred Hitchcock", "alfred hitchcok": "Alfred Hitchcock", "bunuel": "Luis Buñuel",
    "kieslowski": "Krzysztof Kieślowski",
    "brad fraser": "Brad Fraser", "vince corazza": "Vince Corazza", "toshiro mifune": "Toshiro Mifune",
    "park chan wook": "Park Chan-wook", "chan wook park": "Park Chan-wook", "bong joon ho": "Bong Joon-ho",
    "marcello mastrioanni": "Marcello Mastroianni", "tarkovski": "Andrei Tarkovsky", "ingrid bergman": "Ingrid Bergman",
}  # fmt: skip
