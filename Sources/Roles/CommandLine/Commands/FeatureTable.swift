import Features
import Messages

/// Features as tables for people.
enum FeatureTable {
    static func explained(_ features: [Int], _ invocation: Invocation) -> String {
        if invocation.wantsJSON {
            let lines = features.map { index -> JSONValue in
                let feature = FeatureCatalogue.features[index]
                return .object([
                    ("name", .string(feature.name)), ("unit", .string(feature.unit.rawValue)),
                    ("group", .string(feature.group.rawValue)),
                    ("window", .string(feature.window.rawValue)),
                    ("meaning", .string(feature.meaning)),
                ])
            }
            return JSONValue.array(lines).rendered()
        }
        var table = Table([
            .init("feature"), .init("unit"), .init("window"), .init("group"), .init("meaning"),
        ])
        for index in features {
            let feature = FeatureCatalogue.features[index]
            table.add([
                feature.name, feature.unit.rawValue, feature.window.rawValue,
                feature.group.rawValue, feature.meaning,
            ])
        }
        return table.rendered(on: invocation.terminal)
    }

    /// Every statistic of one user with what it means; what is not in the profile is unknown.
    static func explained(_ profile: Profile, _ invocation: Invocation) -> String {
        let values = Dictionary(
            profile.statistics.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        var table = Table([
            .init("statistic"), .init("value", .right), .init("unit"), .init("meaning"),
        ])
        for feature in FeatureCatalogue.features {
            table.add([
                feature.name, values[feature.name].map(number) ?? "unknown",
                feature.unit.rawValue, feature.meaning,
            ])
        }
        return table.rendered(on: invocation.terminal)
    }

    static func measured(_ report: FeatureReport, _ invocation: Invocation) -> String {
        var table = Table([
            .init("feature"), .init("unit"), .init("known", .right), .init("mean", .right),
            .init("p10", .right), .init("median", .right), .init("p90", .right),
            .init("max", .right), .init("1 % to 99 %"),
        ])
        for (index, summary) in zip(report.features, report.summaries) {
            let feature = FeatureCatalogue.features[index]
            let quantiles = summary.quantiles(FeatureReport.shares)
            table.add([
                feature.name, feature.unit.rawValue, Format.percent(summary.coverage, 0),
                number(summary.mean), number(quantiles[1]), number(quantiles[2]),
                number(quantiles[3]), summary.known == 0 ? "n/a" : number(summary.most),
                bars(summary, quantiles),
            ])
        }
        let head =
            "\(Format.count(report.users)) users, \(report.features.count) features, "
            + "windows end at \(Format.time(report.asOfMs))"
        return head + "\n\n" + table.rendered(on: invocation.terminal)
    }

    private static func number(_ value: Double) -> String {
        let size = abs(value)
        let places = size == 0 || size >= 1000 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4
        return Format.decimal(value, places)
    }

    private static func bars(_ summary: FeatureSummary, _ quantiles: [Double]) -> String {
        let counts = summary.histogram(from: quantiles[0], to: quantiles[4], bins: 12)
        guard let most = counts.max(), most > 0 else { return "" }
        let blocks = Array(" ▁▂▃▄▅▆▇█")
        return String(
            counts.map { count in
                count == 0 ? blocks[0] : blocks[max(1, count * (blocks.count - 1) / most)]
            })
    }
}
