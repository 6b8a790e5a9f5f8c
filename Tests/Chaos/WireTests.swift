import Messages
import Runtime
import System
import TestSupport
import Testing

extension ChaosTests {
    @Suite("A bad line")
    struct WireTests {
        /// libzmq never connects again after a breach of protocol; the client must notice.
        @Test("A producer survives a changed bit in either direction")
        func flippedBit() throws {
            try ClusterHarness.withCluster { cluster in
                let proxy = try ByteProxy(
                    path: "\(cluster.folder.runFolder)/wire",
                    target: "\(cluster.folder.runFolder)/ingest.ipc")
                defer { proxy.stop() }
                let producer = try ProducerClient(
                    endpoint: "ipc://\(proxy.path)", keys: cluster.keys(.client),
                    producer: "flipped", epoch: 1)
                producer.resendAfter = .milliseconds(200)
                var shop = Shop(producer: "flipped", seed: 1, users: 10)
                for direction in ByteProxy.Direction.allCases {
                    try producer.send(shop.batch(5).map(\.record))
                    try producer.flush(timeout: .seconds(10))
                    proxy.flip(direction)
                    try producer.send(shop.batch(5).map(\.record))
                    try producer.flush(timeout: .seconds(10))
                }
                #expect(producer.totals.records == 20)
                #expect(proxy.connections >= 3, "each changed bit cost a connection")
            }
        }
    }
}
