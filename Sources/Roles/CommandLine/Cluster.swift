package import Messages

/// Whom a command asks.
package enum Service: Sendable { case scoring, trainer, supervisor, ingest }

/// What answers commands: the running cluster, or a stand-in in tests.
package protocol Cluster {
    /// Asks one question and waits for its answer.
    func ask<Question: WireMessage, Answer: WireMessage>(
        _ service: Service, _ question: Question, as: Answer.Type, timeoutMs: Int
    ) throws(CommandFailure) -> Answer

    /// Opens a way in for records. Who comes again with the same name and epoch goes on where the
    /// log stands: batches that it has already are not taken twice.
    func producer(
        name: String, epoch: UInt64, source: String
    ) throws(CommandFailure) -> any RecordSink
}

/// Takes records and tells what became of them.
package protocol RecordSink: AnyObject {
    func send(_ record: Record) throws(CommandFailure)
    /// Waits until everything sent is answered.
    func finish() throws(CommandFailure)
    var tally: Tally { get }
    /// Gives what is sent from now on a trace id of 16 bytes.
    func trace(_ id: [UInt8])
}

extension RecordSink {
    package func trace(_ id: [UInt8]) {}
}

/// The fate of records: sent = accepted + duplicates + rejected once all are answered.
package struct Tally: Sendable, Equatable {
    package var sent = 0
    package var accepted = 0
    package var duplicates = 0
    package var rejected = 0
    /// The first few reasons.
    package var reasons: [String] = []

    package init() {}

    package var isComplete: Bool { sent == accepted + duplicates + rejected }
}
