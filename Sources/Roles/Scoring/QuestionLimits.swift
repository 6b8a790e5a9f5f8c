/// What questions may cost, by name.
enum QuestionLimits {
    /// A question waits no longer than this, whatever its asker says.
    static let timeoutMsMax = 60_000
    /// When to come again after a refusal for want of room …
    static let overloadedRetryMs: UInt32 = 100
    /// … and after one for want of the user's owner.
    static let unavailableRetryMs: UInt32 = 500
}

/// How many questions may wait, in all and for one reason.
struct ParkingLimits: Sendable, Equatable {
    var total: Int
    /// For users of one partition.
    var perPartition: Int
    /// For users of one worker's partitions: when it is frozen, others still have room.
    var perOwner: Int
    /// Of one key: whoever asks without end leaves room for others.
    var perKey: Int

    init(total: Int) {
        self.total = max(1, total)
        perPartition = max(1, total / 4)
        perOwner = max(1, total / 2)
        perKey = max(1, total / 2)
    }
}

/// Why a question is not answered from what is at hand.
enum QuestionRefusal: Sendable, Equatable {
    /// The owner of the user did not answer in time.
    case late
    /// The owner is gone, or nobody owns the user.
    case ownerGone
    /// The owner cannot read what it has of the user.
    case unreadable
    /// Who is linked with whom was not read yet, so nobody can be said to be one alone.
    case linksUnread
    case stopping
    /// No room to wait.
    case full(ParkedQuestions.Bound)
}
