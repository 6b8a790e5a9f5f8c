/// One cluster, as people see it.
package struct NamedCluster: Sendable, Equatable {
    /// What sets it apart in one respect.
    package struct Mark: Sendable, Equatable {
        package var input: String
        /// Mean here and of all, in the input's own unit; a taste's are shares of interest.
        package var here: Double
        package var everybody: Double
        /// Difference of the means in standard deviations of all, as the clustering sees them.
        package var effect: Double

        package init(input: String, here: Double, everybody: Double, effect: Double) {
            self.input = input
            self.here = here
            self.everybody = everybody
            self.effect = effect
        }
    }

    /// Never given to another cluster of the kind.
    package var id: UInt32
    package var name: String
    /// Of the users fitted on.
    package var users: Int
    /// The strongest first.
    package var marks: [Mark]

    package init(id: UInt32, name: String, users: Int, marks: [Mark]) {
        self.id = id
        self.name = name
        self.users = users
        self.marks = marks
    }
}

/// Names clusters by what sets them apart.
enum ClusterNames {
    /// Smaller differences are no reason for a name.
    private static let effectMin = 0.5

    static func propose(_ kind: ClusterKind, _ marks: [[NamedCluster.Mark]], taken: Set<String>)
        -> [String]
    {
        var used = taken
        return marks.map { marks in
            let words = words(kind, marks)
            // As many words as it takes to be the only one; two at least if there are two.
            var name = words.prefix(2).joined(separator: ", ")
            var count = 2
            while used.contains(name), count < words.count {
                count += 1
                name = words.prefix(count).joined(separator: ", ")
            }
            let stem = name
            var number = 2
            while used.contains(name) {
                name = "\(stem) \(number)"
                number += 1
            }
            used.insert(name)
            return name
        }
    }

    private static func words(_ kind: ClusterKind, _ marks: [NamedCluster.Mark]) -> [String] {
        switch kind {
        case .behaviour:
            let strong = marks.filter { abs($0.effect) >= effectMin }
            let words = strong.map { BehaviourInputs.words($0.input, isHigh: $0.effect > 0) }
            return words.isEmpty ? ["like most"] : words
        case .taste:
            let liked = marks.filter { $0.effect >= effectMin && $0.here > $0.everybody }
            // What is liked far less than the first is no part of the name before it must be.
            let first = liked.first?.here ?? 0
            let words = liked.filter { $0.here >= first / 3 } + liked.filter { $0.here < first / 3 }
            return words.isEmpty ? ["of everything"] : words.map(\.input)
        }
    }
}
