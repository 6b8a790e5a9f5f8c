import Expressions
import Randomness

/// Random trees of a wanted type.
struct Generator {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    private func path(_ name: String) -> Syntax {
        let parts = name.split(separator: ".").map(String.init)
        var base = Syntax(.name(parts[0]))
        for part in parts.dropFirst() { base = Syntax(.member(base, part)) }
        return base
    }

    private func call(_ name: String, _ parts: Syntax...) -> Syntax {
        Syntax(.call(name, parts))
    }

    mutating func tree(_ type: ExpressionType, depth: Int) -> Syntax {
        switch type {
        case .flag: flag(depth)
        case .number: number(depth)
        case .text: text(depth)
        case .time: time(depth)
        default: duration(depth)
        }
    }

    private mutating func two(
        _ operations: [BinaryOperator], _ type: ExpressionType, _ depth: Int
    ) -> Syntax {
        let operation = operations[pick(operations.count)]
        let left = tree(type, depth: depth - 1)
        return Syntax(.binary(operation, left, tree(type, depth: depth - 1)))
    }

    private mutating func flag(_ depth: Int) -> Syntax {
        let order: [BinaryOperator] = [
            .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual,
        ]
        if depth <= 0 {
            switch pick(5) {
            case 0: return Syntax(.flag(pick(2) == 0))
            case 1: return path("user.subscribed")
            case 2: return Syntax(.binary(.within, Syntax(.text("vip")), path("tags")))
            case 3:
                return Syntax(.binary(.within, Syntax(.text("baby")), path("affinity.category")))
            default: return call("has", path("stats.mean_rating"))
            }
        }
        switch pick(14) {
        case 0, 1: return two([.and, .or], .flag, depth)
        case 2: return Syntax(.unary(.not, flag(depth - 1)))
        case 3: return two([.equal, .notEqual], .flag, depth)
        case 4, 5: return two(order, .number, depth)
        case 6: return two(order, .text, depth)
        case 7: return two(order, .time, depth)
        case 8: return two(order, .duration, depth)
        case 9: return choice(.flag, depth)
        case 10:
            let words = World.words.map { Syntax(.text($0)) }
            return Syntax(.binary(.within, text(depth - 1), Syntax(.list(words))))
        case 11:
            let list = [Syntax(.number(0)), Syntax(.unary(.minus, Syntax(.number(3))))]
            return Syntax(.binary(.within, number(depth - 1), Syntax(.list(list))))
        case 12:
            let name = ["startsWith", "endsWith", "contains"][pick(3)]
            let base = text(depth - 1)
            return Syntax(.method(base, name, [text(depth - 1)]))
        default: return call("has", tree([.text, .number, .time][pick(3)], depth: depth - 1))
        }
    }

    private mutating func choice(_ type: ExpressionType, _ depth: Int) -> Syntax {
        let condition = flag(depth - 1)
        let yes = tree(type, depth: depth - 1)
        return Syntax(.choice(condition, yes, tree(type, depth: depth - 1)))
    }

    private mutating func number(_ depth: Int) -> Syntax {
        if depth <= 0 {
            switch pick(6) {
            case 0:
                let value = [0, 1, 2.5, 500, 1e-7, 123_456_789.25, 1e21][pick(7)]
                return Syntax(.number(value))
            case 1: return call("size", path(["tags", "affinity.category"][pick(2)]))
            case 2:
                let key = Syntax(.text(["baby", "garden"][pick(2)]))
                return Syntax(.entry(path("affinity.category"), key))
            default:
                return path(["stats.spend_30d", "stats.views_7d", "stats.mean_rating"][pick(3)])
            }
        }
        switch pick(9) {
        case 0, 1, 2:
            return two([.add, .subtract, .multiply, .divide, .remainder], .number, depth)
        case 3: return Syntax(.unary(.minus, number(depth - 1)))
        case 4: return choice(.number, depth)
        case 5: return call(["abs", "floor", "ceil", "round"][pick(4)], number(depth - 1))
        case 6:
            let name = ["min", "max", "default"][pick(3)]
            let left = number(depth - 1)
            return call(name, left, number(depth - 1))
        case 7: return call("size", text(depth - 1))
        default: return two([.divide], .duration, depth)
        }
    }

    private mutating func text(_ depth: Int) -> Syntax {
        switch pick(depth <= 0 ? 4 : 7) {
        case 0: return Syntax(.text((World.words + ["a\"\\\n\t'"])[pick(7)]))
        case 1: return path("user.gender")
        case 2: return Syntax(.entry(path("user.properties"), Syntax(.text("tier"))))
        case 3: return path("user.region")
        case 4: return call("lower", text(depth - 1))
        case 5: return Syntax(.method(text(depth - 1), "upper", []))
        default:
            let first = text(depth - 1)
            return call("default", first, text(depth - 1))
        }
    }

    private mutating func time(_ depth: Int) -> Syntax {
        if depth <= 0 { return path(["now", "last_seen", "first_seen"][pick(3)]) }
        let base = time(depth - 1)
        return Syntax(.binary([.add, .subtract][pick(2)], base, duration(depth - 1)))
    }

    private mutating func duration(_ depth: Int) -> Syntax {
        if depth <= 0 {
            let unit = DurationUnit.allCases[pick(6)]
            return Syntax(.duration([0, 1, 7, 1.5][pick(4)], unit))
        }
        switch pick(4) {
        case 0: return two([.subtract], .time, depth)
        case 1: return two([.add, .subtract, .remainder], .duration, depth)
        case 2:
            let base = duration(depth - 1)
            return Syntax(.binary([.multiply, .divide][pick(2)], base, number(depth - 1)))
        default: return choice(.duration, depth)
        }
    }
}
