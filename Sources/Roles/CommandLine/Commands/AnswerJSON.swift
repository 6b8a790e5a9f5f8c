import Messages

/// Answers of the cluster as JSON, with the field names of the schema.
enum AnswerJSON {
    static func value(_ value: NamedValue) -> (String, JSONValue) {
        (value.name, .number(value.value))
    }

    static func value(_ profile: Profile) -> JSONValue {
        .object([
            ("user_id", .string(profile.userID)), ("known", .bool(profile.known)),
            ("partition", .integer(Int64(profile.partition))),
            ("version", .integer(Int64(clamping: profile.version))),
            ("first_seen_ms", .integer(profile.firstSeenMs)),
            ("last_seen_ms", .integer(profile.lastSeenMs)),
            ("as_of_ms", .integer(profile.asOfMs)),
            ("attributes", profile.attributes.map { RecordJSON.value($0) } ?? .null),
            ("statistics", .object(profile.statistics.map(value))),
            (
                "affinities",
                .array(
                    profile.affinities.map {
                        .object([
                            ("kind", .string($0.kind)), ("name", .string($0.name)),
                            ("share", .number($0.share)),
                        ])
                    })
            ),
            (
                "recent",
                .array(
                    profile.recent.map {
                        .object([
                            ("type", .string($0.type.name)), ("time_ms", .integer($0.timeMs)),
                            ("item_id", .string($0.itemID)),
                        ])
                    })
            ),
            ("tags", .array(profile.tags.map { .string($0) })),
            ("tag_details", .array(profile.tagDetails.map(value))),
            ("identities", .array(profile.identities.map(IdentityOutput.json))),
            ("predictions", .array(profile.predictions.map(value))),
            ("segments", profile.segments.map { SegmentOutput.json($0) } ?? .null),
            ("risk", profile.risk.map { RiskOutput.json($0) } ?? .null),
            ("age_ms", .integer(Int64(profile.ageMs))),
            ("provenance", .array(profile.provenance.map(value))),
        ])
    }

    private static func value(_ tag: UserTag) -> JSONValue {
        .object([
            ("name", .string(tag.name)), ("kind", .string(tag.kind)),
            ("value", tag.value.isEmpty ? .null : .string(tag.value)),
            ("confidence", .number(tag.confidence)), ("since_ms", .integer(tag.sinceMs)),
        ])
    }

    private static func value(_ provenance: Provenance) -> JSONValue {
        .object([
            ("part", .string(provenance.part)), ("source", .string(provenance.source)),
            ("maker", .string(provenance.maker)), ("as_of_ms", .integer(provenance.asOfMs)),
        ])
    }

    static func value(_ prediction: Prediction) -> JSONValue {
        .object([
            ("name", .string(prediction.name)),
            ("probability", .number(prediction.probability)),
            ("horizon_hours", .integer(Int64(prediction.horizonHours))),
            ("model", .string(prediction.model)),
            ("reasons", .object(prediction.reasons.map(value))),
        ])
    }

    static func value(_ item: RecommendedItem) -> JSONValue {
        .object([
            ("item_id", .string(item.itemID)), ("score", .number(item.score)),
            ("source", .string(item.source)), ("title", .string(item.title)),
            ("category", .string(item.category)), ("price", .number(item.price)),
            (
                "reasons",
                .array(
                    item.reasons.map {
                        .object([
                            ("source", .string($0.source)), ("weight", .number($0.weight)),
                            ("because_item", .string($0.becauseItem)),
                        ])
                    })
            ),
        ])
    }

    static func value(_ answer: Recommendations) -> JSONValue {
        .object([
            ("recommendation_id", .string(answer.recommendationID)),
            ("user_id", .string(answer.userID)), ("items", .array(answer.items.map(value))),
            ("fallback", .bool(answer.fallback)),
            ("profile_version", .integer(Int64(clamping: answer.profileVersion))),
            ("profile_age_ms", .integer(Int64(answer.profileAgeMs))),
            ("models", .array(answer.models.map { .string($0) })),
            ("filtered", .object(answer.filtered.map(value))),
        ])
    }

    static func value(_ model: Model) -> JSONValue {
        .object([
            ("name", .string(model.name)), ("version", .integer(Int64(clamping: model.version))),
            ("created_ms", .integer(model.createdMs)),
            ("data_from_ms", .integer(model.dataFromMs)),
            ("data_to_ms", .integer(model.dataToMs)),
            ("rows", .integer(Int64(clamping: model.rows))),
            ("metrics", .object(model.metrics.map(value))), ("file", .string(model.file)),
            ("bytes", .integer(Int64(clamping: model.bytes))),
            ("sha256", .string(model.sha256)),
            ("training_ms", .integer(Int64(model.trainingMs))), ("note", .string(model.note)),
        ])
    }
}
