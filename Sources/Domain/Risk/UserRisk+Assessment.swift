package import Messages
import RiskRules

extension UserRisk {
    /// As profiles show it.
    package init(_ assessment: RiskAssessment) {
        self.init()
        score = assessment.score
        level = assessment.level.rawValue
        action = assessment.action.rawValue
        reasons = assessment.reasons.map { reason in
            var entry = UserRiskReason()
            entry.source = reason.source.rawValue
            entry.name = reason.name
            entry.text = reason.text
            entry.weight = reason.weight
            return entry
        }
        model = assessment.model
        asOfMs = assessment.asOfMs
        rules = assessment.rules
        anomaly = assessment.anomaly ?? 0
        labelled = assessment.labelled ?? 0
    }
}
