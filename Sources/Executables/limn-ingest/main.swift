import Ingest

Ingest.main()
