import Foundation

/// What a file was when it was last synchronised, and what was done to it since.
struct UnsynchronisedWrites {
    private enum Change {
        case write([UInt8], Int64)
        case truncate(Int64)
    }

    let path: String
    private let before: Data
    private var changes: [Change] = []

    init(path: String) {
        self.path = path
        before = FileManager.default.contents(atPath: path) ?? Data()
    }

    mutating func add(_ bytes: ArraySlice<UInt8>, at offset: Int64) { changes.append(.write(Array(bytes), offset)) }

    mutating func truncate(to size: Int64) { changes.append(.truncate(size)) }

    /// Makes the file what it would be if only those changes had reached the disk that `isKept` lets through.
    func keep(_ isKept: (Int) -> Bool) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        var content = before
        for (number, change) in changes.enumerated() where isKept(number) {
            switch change {
            case .write(let bytes, let offset):
                let end = Int(offset) + bytes.count
                if content.count < end { content.append(Data(count: end - content.count)) }
                content.replaceSubrange(Int(offset)..<end, with: bytes)
            case .truncate(let size):
                if content.count > Int(size) { content = content.prefix(Int(size)) }
            }
        }
        // In place: the file keeps its identity and its access rights.
        guard let handle = FileHandle(forWritingAtPath: path) else { return }
        try? handle.truncate(atOffset: 0)
        try? handle.write(contentsOf: content)
        try? handle.close()
    }
}
