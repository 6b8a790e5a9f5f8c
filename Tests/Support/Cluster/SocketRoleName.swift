package import ZeroMQ

/// Which client socket a question goes out by.
package enum SocketRoleName {
    case scoring, event, work, control

    package var role: SocketRole {
        switch self {
        case .scoring: .scoringClient
        case .event: .eventClient
        case .work: .workClient
        case .control: .controlClient
        }
    }
}
