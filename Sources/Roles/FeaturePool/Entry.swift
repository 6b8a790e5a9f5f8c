import Runtime

/// Runs the role as this process; returns when the supervisor or a signal stops it.
package func main() -> Never { RoleProcess.main(FeatureRole.self) }
