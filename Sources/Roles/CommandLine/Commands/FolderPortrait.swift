import Portrait
import Profiles
import Risk
import Runtime
import Segments

extension Portrait {
    /// As the scoring service of a data folder draws it: tags and rules of its configuration, and
    /// the models that were fitted last.
    init(_ folder: DataFolder) throws {
        let rules = try FolderRisk(folder)
        try self.init(
            tags: rules.tags, risk: rules.scorer(), segments: FolderSegments(folder).scorer())
    }
}

/// The model of segments of a data folder.
struct FolderSegments {
    let file: String

    init(_ folder: DataFolder, file: String? = nil) {
        self.file = file ?? folder.segmentModelFile
    }

    /// The model that was fitted last; nil where none was.
    func model() throws -> SegmentModel? { try .fitted(file) }

    func scorer() throws -> SegmentScorer {
        do {
            return try SegmentScorer(model: model())
        } catch let error as SegmentFailure {
            throw CommandFailure(.data, "\(file): \(error)", hint: "limn segments fit")
        }
    }
}
