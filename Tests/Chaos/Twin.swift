import Messages
import Runtime
import System
import TestSupport
import ZeroMQ

/// A producer without a client library: it decides itself what goes out when, such as the same
/// batch twice or the second before the first.
final class Twin {
    static let name = "twin"
    /// The id of the event that workers die of.
    static let poison = "deadly"
    private var shop: Shop
    private var crowd = EqualHashes(seed: 9)
    private var client: RequestClient?

    init(seed: UInt64) { shop = Shop(producer: Self.name, seed: seed, users: 50) }

    /// The next batch, noted as sent.
    func batch(_ history: History) -> EventBatch {
        batch(shop.batch(8), history)
    }

    private func batch(_ made: [Shop.Made], _ history: History) -> EventBatch {
        Traffic.note(made, UInt64(shop.batches), of: Self.name, in: history)
        var batch = EventBatch()
        batch.producer = Self.name
        batch.epoch = 1
        batch.sequence = UInt64(shop.batches)
        batch.records = made.map(\.record)
        return batch
    }

    /// The next batch has one event, noted as sent.
    func single(_ history: History) -> EventBatch { batch(shop.batch(1), history) }

    /// The next batch is of so many users whose ids have one hash, noted as sent.
    func crowd(_ count: Int, _ history: History) -> EventBatch {
        batch(shop.crowd(crowd.next(count, isPlain: true)), history)
    }

    /// The next batch with the deadly event in its middle, noted as sent.
    func poisoned(_ history: History) -> EventBatch {
        batch(shop.batch(8, deadly: Self.poison), history)
    }

    /// Asks until there is an answer of ingest's own; a refusal for now is asked again.
    func send(_ batch: EventBatch, _ world: World) throws -> Result<BatchResult, RequestFailure> {
        try wait(for: "an answer to the twin", within: .seconds(40)) {
            () -> Result<BatchResult, RequestFailure>? in
            do {
                let result = try connection(world).ask(
                    .eventBatch, batch, as: BatchResult.self, timeout: .milliseconds(400))
                Traffic.note(result, of: Self.name, in: world.history)
                return .success(result)
            } catch let failure as RequestFailure {
                guard case .refused(let code, _, _) = failure else { return nil }
                let isForNow = code.rawValue >= 600 || code == .overloaded
                return isForNow ? nil : .failure(failure)
            }
        }
    }

    private func connection(_ world: World) throws -> RequestClient {
        if let client { return client }
        let made = try RequestClient(
            endpoint: world.cluster.endpoints.ingest, keys: world.cluster.keys(.client),
            role: .eventClient)
        client = made
        return made
    }
}
