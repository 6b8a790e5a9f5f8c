package import Runtime

extension ClusterPlan {
    /// Other limits for every process from now on.
    package mutating func adopt(_ limits: Configuration.Supervisor) {
        self.limits = limits
        for slot in slots { roles[slot]?.limits = limits }
    }
}
