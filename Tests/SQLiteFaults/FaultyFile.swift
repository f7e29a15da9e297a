import CSQLite

/// An open file of a ``FaultyDisk``.
final class FaultyFile {
    let disk: FaultyDisk
    let path: String
    let life: Int
    /// The file of SQLite's own layer.
    let real: UnsafeMutablePointer<sqlite3_file>

    init(_ disk: FaultyDisk, _ path: String, _ real: UnsafeMutablePointer<sqlite3_file>) {
        self.disk = disk
        self.path = path
        self.real = real
        life = disk.life
    }

    var methods: sqlite3_io_methods { real.pointee.pMethods.pointee }

    var isDead: Bool { life != disk.life }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) -> Int32 {
        bytes.withUnsafeBytes { methods.xWrite(real, $0.baseAddress, Int32($0.count), offset) }
    }

    /// What SQLite keeps for an open file: our methods, then the file that they are about.
    struct Handle {
        var base: sqlite3_file
        var file: Unmanaged<FaultyFile>?
    }

    static func of(_ file: UnsafeMutablePointer<sqlite3_file>?) -> FaultyFile? {
        guard let file else { return nil }
        return UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self).pointee.file?.takeUnretainedValue()
    }
}
