/// Every bound of this module, in one place.
package enum Limits {
    /// Sockets per context: a role has at most 6, its monitors double that, ZAP adds 2.
    package static let socketsPerContext: Int32 = 64

    /// Largest event frame: a batch of 1,000 events of 2 kB, doubled.
    package static let eventFrameBytes = 4 << 20
    /// Largest work frame: a leased batch with its profiles.
    package static let workFrameBytes = 16 << 20
    /// Largest published frame: a model delta or a beacon.
    package static let publishedFrameBytes = 1 << 20
    /// Largest question to scoring, trainer or supervisor.
    package static let questionFrameBytes = 256 << 10
    /// Largest answer of any of them.
    package static let answerFrameBytes = 4 << 20

    /// Event or work messages received per peer before ZeroMQ stops reading from it.
    package static let batchMark: Int32 = 64
    /// Published messages queued per subscriber.
    package static let publishedMark: Int32 = 100
    /// Scoring requests or replies queued per peer and direction.
    package static let scoringMark: Int32 = 1024
    /// Control messages queued per peer and direction.
    package static let controlMark: Int32 = 16

    /// Messages that wait to be received, per peer, at a socket that strangers send events to; the
    /// rest waits in the connection, where it costs the sender.
    package static let eventReceiveMark: Int32 = 8
    /// The same for questions.
    package static let scoringReceiveMark: Int32 = 256

    // A reader reports what it took only once per half a mark, so a sender may see a queue as full
    // that holds just over half of it. More than half of the sender's mark in flight therefore
    // loses replies.
    /// Batches one producer may have unanswered.
    package static let batchCredit = 64
    /// Batches, or their answers, queued to be sent per peer.
    package static let batchSendMark = Int32(batchCredit) * 2
    /// Requests one work client may have unanswered.
    package static let workCredit = Int(batchMark) / 2
    /// Requests one scoring client may have unanswered.
    package static let scoringCredit = Int(scoringMark) / 2
    /// Requests one control client may have unanswered.
    package static let controlCredit = Int(controlMark) / 2

    /// What libzmq and the kernel may have of a connection beside whole messages.
    package static let bytesOnTheWay = 8 << 20
    /// TCP connections of one key at one socket, and of all those that have sent nothing yet.
    package static let connectionsPerKey = 256

    /// Frames accepted in one message; the frame limit alone does not bound a message.
    package static let framesPerMessage = 8
    /// Receives a handler should make before it lets the other sockets have their turn.
    package static let receivesPerTurn = 256
    /// Bytes of a routing id or a ZAP frame; libzmq's own limit is 255.
    package static let identityBytes = 255
    /// Bytes of a key file: two Z85 lines and a heading.
    package static let keyFileBytes = 256
}
