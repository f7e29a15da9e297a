import Foundation

/// A folder that files are reached below, and nothing else.
///
/// A path is walked from an open folder to the next, name by name, and no link is followed, so that what a name stands for can't be
/// exchanged between a check and its use.
public struct FolderRoot: Sendable {
    public let path: String
    /// Of a file that is read or written, in bytes.
    public let maximumSize: Int

    public init(_ path: String, maximumSize: Int = 1 << 20) {
        self.path = path
        self.maximumSize = maximumSize
    }

    /// Throws ``FileRefusal`` for a path that leads out, over a link, or to something that is no file, and for a file too large.
    public func read(_ file: String) throws -> [UInt8] {
        let descriptor = try open(file, O_RDONLY | O_NONBLOCK)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw FileRefusal(file, Self.reason()) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > maximumSize { throw FileRefusal(file, "it is larger than \(maximumSize) bytes") }
        }
    }

    /// Writes a file in a folder that is there; it takes its place at once and whole.
    public func write(_ bytes: [UInt8], to file: String) throws {
        if bytes.count > maximumSize { throw FileRefusal(file, "it is larger than \(maximumSize) bytes") }
        let (folder, name) = try parent(of: file)
        defer { close(folder) }
        let temporary = ".\(name).\(getpid()).part"
        let descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileRefusal(file, Self.reason()) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        let isWritten = rest.isEmpty && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, renameat(folder, temporary, folder, name) == 0 else {
            let reason = Self.reason()
            unlinkat(folder, temporary, 0)
            throw FileRefusal(file, reason)
        }
    }

    private func open(_ file: String, _ flags: Int32) throws -> Int32 {
        let (folder, name) = try parent(of: file)
        defer { close(folder) }
        let descriptor = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileRefusal(file, Self.reason()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileRefusal(file, "it is no ordinary file")
        }
        return descriptor
    }

    /// The open folder a file is in, and its name there.
    private func parent(of file: String) throws -> (folder: Int32, name: String) {
        var names = file.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if names.first == "." { names.removeFirst() }
        let isPlain = names.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
        guard isPlain, let name = names.popLast() else {
            throw FileRefusal(file, "a path is names with \"/\" between them, below the folder that was given")
        }
        var folder = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileRefusal(file, "the folder that was given can't be opened") }
        for name in names {
            let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            close(folder)
            guard next >= 0 else { throw FileRefusal(file, Self.reason()) }
            folder = next
        }
        return (folder, name)
    }

    private static func reason() -> String {
        switch errno {
        case ENOENT: "there is no such file"
        case ELOOP, ENOTDIR: "a link or a file stands where a folder is expected"
        default: String(cString: strerror(errno))
        }
    }
}

/// Why a file was not read or written.
public struct FileRefusal: Error, Equatable, CustomStringConvertible {
    public var file: String
    public var reason: String

    init(_ file: String, _ reason: String) { (self.file, self.reason) = (file, reason) }

    public var description: String { "\"\(file)\": \(reason)" }
}
