/// A list that grows at its end and loses its beginning, kept in chunks of one size.
///
/// Copies share all chunks. Whoever appends to one of them copies the last chunk and the list of
/// chunks, never the rest: so a snapshot may be read by one thread while another goes on.
package struct Segments<Element: Sendable>: Sendable {
    /// All but the last are full.
    package private(set) var chunks: [[Element]] = []
    package private(set) var count = 0
    private let chunkSize: Int

    /// Traps when a chunk could hold nothing.
    package init(chunkSize: Int = 4096) {
        precondition(chunkSize > 0, "a chunk holds something")
        self.chunkSize = chunkSize
    }

    package mutating func append(_ element: Element) {
        if count == chunks.count * chunkSize { chunks.append([]) }
        chunks[chunks.count - 1].append(element)
        count += 1
    }

    /// Drops the oldest chunk, if there is one.
    package mutating func removeFirstChunk() {
        guard !chunks.isEmpty else { return }
        count -= chunks.removeFirst().count
    }

    /// The element at an index counted from the oldest that is kept; writing copies its chunk if
    /// that is shared.
    package subscript(index: Int) -> Element {
        get { chunks[index / chunkSize][index % chunkSize] }
        set { chunks[index / chunkSize][index % chunkSize] = newValue }
    }

    package var elements: FlattenSequence<[[Element]]> { chunks.joined() }
}
