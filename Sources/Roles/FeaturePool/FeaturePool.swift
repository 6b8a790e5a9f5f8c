// FeaturePool
