import Runtime

/// The whole of `limn-trainer`.
package func main() -> Never {
    RoleProcess.main(TrainerRole.self)
}
