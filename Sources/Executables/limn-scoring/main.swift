import Scoring

Scoring.main()
