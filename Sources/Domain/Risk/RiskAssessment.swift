package import Profiles
package import RiskRules

/// What is thought of one user at one moment.
package struct RiskAssessment: Sendable, Equatable {
    /// 1 − Π (1 − part) over the parts below: each leaves some of the doubt that the others left.
    /// For ranking and thresholds; no probability.
    package var score = 0.0
    package var level = RiskLevel.low
    package var action = RiskAction.allow
    /// The part of the rules, each taking its score of the doubt that is left.
    package var rules = 0.0
    /// The share of the users at fitting who were less alone; nil without a model.
    package var anomaly: Double?
    /// The calibrated chance that labels would say yes; nil without labels.
    package var labelled: Double?
    /// Weightiest first.
    package var reasons: [RiskReason] = []
    /// "risk/3"; empty without a model.
    package var model = ""
    package var asOfMs: Int64 = 0

    package init() {}
}

/// One reason for a score.
package struct RiskReason: Sendable, Equatable {
    package enum Source: String, Sendable {
        case rule, anomaly, labels
    }

    package var source: Source
    /// Of the rule or the input.
    package var name: String
    /// For people, with values.
    package var text: String
    /// A rule's score; what the input adds to the forest's score, or to the log odds of the labels.
    package var weight: Double

    package init(_ source: Source, _ name: String, _ text: String, weight: Double) {
        self.source = source
        self.name = name
        self.text = text
        self.weight = weight
    }
}

extension RiskView {
    /// What expressions see of an assessment.
    package init(_ assessment: RiskAssessment) {
        self.init(score: assessment.score, action: assessment.action.rawValue)
    }
}
