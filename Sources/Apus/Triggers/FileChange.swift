import Foundation

/// What is compared of a file to see whether it has changed.
public struct FileMark: Sendable, Hashable, Codable {
    public var size: Int64
    /// When it was last written, as the file system has it.
    public var written: WallTime
    /// A hash of its content, if that is looked at.
    public var content: String?

    public init(size: Int64, written: WallTime, content: String? = nil) {
        self.size = size
        self.written = written
        self.content = content
    }

    private enum CodingKeys: String, CodingKey {
        case size = "s", written = "w", content = "c"
    }
}

/// One change of one file: what a ``FileTrigger`` fires for.
public struct FileChange: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        case created, changed, removed
    }

    public var path: String
    public var kind: Kind

    public init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// What a ``FileTrigger`` knows of its files.
struct FileView: Sendable, Codable {
    /// How many changes were told.
    var count = 0
    var marks: [String: FileMark] = [:]

    /// The next change on the way from this view to what is there, by path; this view has then taken it.
    mutating func change(to marks: [String: FileMark]) -> FileChange? {
        let known = self.marks
        let paths = Set(known.keys).union(marks.keys)
        guard let path = paths.filter({ known[$0] != marks[$0] }).min() else { return nil }
        count += 1
        self.marks[path] = marks[path]
        return FileChange(path, known[path] == nil ? .created : marks[path] == nil ? .removed : .changed)
    }
}

/// Where a ``FileTrigger`` looks.
public struct FileLook: Sendable {
    let marks: @Sendable () throws -> [String: FileMark]

    /// The marks of the files there are now, by path.
    public init(_ marks: @escaping @Sendable () throws -> [String: FileMark]) { self.marks = marks }

    /// The files at these paths; of a folder those that stand in it, folders in it not included. With `content` a file has changed
    /// if its bytes have, otherwise if its size or the time of its last writing has.
    public static func paths(_ paths: [String], content: Bool = false) -> FileLook {
        FileLook {
            var marks: [String: FileMark] = [:]
            for path in paths {
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
                guard isFolder.boolValue else {
                    marks[path] = mark(of: path, content: content)
                    continue
                }
                for name in try FileManager.default.contentsOfDirectory(atPath: path) {
                    let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
                    marks[file] = mark(of: file, content: content)
                }
            }
            return marks
        }
    }

    /// `nil` for what is no file, or is gone meanwhile.
    private static func mark(of path: String, content: Bool) -> FileMark? {
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
            facts[.type] as? FileAttributeType == .typeRegular, let size = facts[.size] as? NSNumber
        else { return nil }
        let written = WallTime(facts[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0))
        guard content else { return FileMark(size: size.int64Value, written: written) }
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let hash = Base64URL.text(of: SHA256.digest(of: data).prefix(18))
        return FileMark(size: size.int64Value, written: WallTime(milliseconds: 0), content: hash)
    }
}
