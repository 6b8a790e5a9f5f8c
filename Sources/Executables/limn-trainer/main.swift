import Training

Training.main()
