import Learning
import Runtime
import System

extension DataFolder {
    /// A folder without a configuration has the default one.
    func configuration() throws -> Configuration {
        Files.exists(configurationFile)
            ? try Configuration.load(configurationFile) : Configuration()
    }
}

extension ModelFile {
    /// The model that was fitted last; nil where none was.
    static func fitted(_ file: String) throws -> Self? {
        guard Files.exists(file) else { return nil }
        do {
            return try Self(safetensors: Files.read(file))
        } catch let error as SafetensorsError {
            throw CommandFailure(
                .data, "\(file) is no model of \(kind): \(error)", hint: "limn \(kind) fit")
        }
    }
}
