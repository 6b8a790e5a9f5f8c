import Features
import Recommendation

/// What one answer about a user is made from.
struct HeldUser {
    /// Nil: the owner never saw the user.
    var state: UserState?
    /// The history against the models of now.
    var taste: Taste
    /// When this was last known to be so, on the monotonic clock.
    var confirmedAt: Duration
}
