import FeaturePool

FeaturePool.main()
