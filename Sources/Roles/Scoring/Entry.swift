import Runtime

/// The whole of `limn-scoring`.
package func main() -> Never { RoleProcess.main(ScoringRole.self) }
