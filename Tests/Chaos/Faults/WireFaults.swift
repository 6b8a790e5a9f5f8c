import Glibc
import Randomness
import Runtime
import System
import TestSupport

extension ChaosFault {
    /// On the lines between producers and ingest, through proxies.
    static var wires: [ChaosFault] {
        [
            line("wire-delay") { proxy, dice in
                let ms = 20 + dice.below(300)
                proxy.delay(.toServer, ms: ms)
                proxy.delay(.toClient, ms: dice.below(ms))
                return "\(ms) ms"
            },
            line("wire-one-way") { proxy, dice in
                let direction = ByteProxy.Direction.allCases[dice.below(2)]
                proxy.stall(direction, true)
                return "nothing passes \(direction)"
            },
            line("wire-cut") { proxy, _ in
                proxy.cut()
                return "connections closed"
            },
            line("wire-flip") { proxy, dice in
                let direction = ByteProxy.Direction.allCases[dice.below(2)]
                proxy.flip(direction)
                return "one bit changed \(direction)"
            },
            replay,
        ]
    }

    private static func line(
        _ name: String, _ trouble: @escaping (ByteProxy, inout SplitMix64) -> String
    ) -> ChaosFault {
        ChaosFault(name: name) { world, dice in
            let proxy = world.proxies[dice.below(world.proxies.count)]
            let what = trouble(proxy, &dice)
            return Injection(
                what: what, lasts: .milliseconds(200 + dice.below(1500)), heal: { proxy.heal() })
        }
    }

    /// What a client sent once, sent again on a new connection.
    private static var replay: ChaosFault {
        ChaosFault(name: "wire-replay") { world, dice in
            let bytes = world.proxies[dice.below(world.proxies.count)].recorded
            let path = "\(world.cluster.folder.runFolder)/ingest.ipc"
            let file = LocalSocket.connect(path)
            guard file >= 0, !bytes.isEmpty else { return .missed }
            _ = LocalSocket.write(file, bytes[...])
            Clock.pause(.milliseconds(50))
            close(file)
            return Injection(what: "\(bytes.count) recorded bytes")
        }
    }
}
