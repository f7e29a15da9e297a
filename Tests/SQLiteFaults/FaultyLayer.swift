import CSQLite
import Foundation

/// The functions that SQLite calls instead of those of its own layer.
enum FaultyLayer {
    /// Where the file of SQLite's own layer begins behind ours.
    private static let offset = (MemoryLayout<FaultyFile.Handle>.size + 15) / 16 * 16

    /// The layer stays registered until the process ends, and so does its memory.
    static func register(_ disk: FaultyDisk) {
        guard let real = sqlite3_vfs_find(nil) else { preconditionFailure("SQLite has no file system layer") }
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        layer.initialize(to: real.pointee)
        layer.pointee.zName = UnsafePointer(strdup(disk.name))
        layer.pointee.szOsFile = Int32(offset) + real.pointee.szOsFile
        layer.pointee.pAppData = Unmanaged.passRetained(disk).toOpaque()
        layer.pointee.pNext = nil
        layer.pointee.xOpen = { layer, name, file, flags, result in
            FaultyLayer.open(layer, name, file, flags, result)
        }
        guard sqlite3_vfs_register(layer, 0) == SQLITE_OK else { preconditionFailure("the layer was refused") }
    }

    private static func open(
        _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ result: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let layer, let file, let real = sqlite3_vfs_find(nil) else { return SQLITE_MISUSE }
        let disk = Unmanaged<FaultyDisk>.fromOpaque(layer.pointee.pAppData).takeUnretainedValue()
        let inner = (UnsafeMutableRawPointer(file) + offset).assumingMemoryBound(to: sqlite3_file.self)
        file.pointee.pMethods = nil
        if disk.isDown { return SQLITE_CANTOPEN }
        let code = real.pointee.xOpen(real, name, inner, flags, result)
        guard code == SQLITE_OK else { return code }
        let opened = FaultyFile(disk, name.map { String(cString: $0) } ?? "", inner)
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: FaultyFile.Handle.self).pointee.file =
            Unmanaged.passRetained(opened)
        file.pointee.pMethods = UnsafePointer(methods)
        return SQLITE_OK
    }

    // Invariant: written once, before the first file is opened.
    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: sqlite3_io_methods())
        // The second version has shared memory, and no mapping of files past these functions.
        methods.pointee.iVersion = 2
        setReading(methods)
        setWriting(methods)
        setLocking(methods)
        setSharing(methods)
        return methods
    }()
}

// MARK: - What changes files

extension FaultyLayer {
    private static func setWriting(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
        methods.pointee.xWrite = { handle, bytes, count, offset in
            guard let file = FaultyFile.of(handle) else { return SQLITE_MISUSE }
            let content = Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return file.disk.operate(on: file, .write(content[...], offset)) {
                file.methods.xWrite(file.real, bytes, count, offset)
            }
        }
        methods.pointee.xTruncate = { handle, size in
            guard let file = FaultyFile.of(handle) else { return SQLITE_MISUSE }
            return file.disk.operate(on: file, .truncate(size)) { file.methods.xTruncate(file.real, size) }
        }
        methods.pointee.xSync = { handle, _ in
            guard let file = FaultyFile.of(handle) else { return SQLITE_MISUSE }
            return file.disk.operate(on: file, .synchronise) { SQLITE_OK }
        }
        methods.pointee.xClose = { handle in
            guard let handle, let file = FaultyFile.of(handle) else { return SQLITE_MISUSE }
            handle.pointee.pMethods = nil
            let code = file.methods.xClose(file.real)
            Unmanaged.passUnretained(file).release()
            return code
        }
    }

    private static func setReading(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
        methods.pointee.xRead = { handle, bytes, count, offset in
            guard let file = FaultyFile.of(handle), !file.isDead else { return SQLITE_IOERR }
            return file.methods.xRead(file.real, bytes, count, offset)
        }
        methods.pointee.xFileSize = { handle, size in
            guard let file = FaultyFile.of(handle), !file.isDead else { return SQLITE_IOERR }
            return file.methods.xFileSize(file.real, size)
        }
        methods.pointee.xFileControl = { handle, operation, argument in
            guard let file = FaultyFile.of(handle) else { return SQLITE_NOTFOUND }
            return file.methods.xFileControl(file.real, operation, argument)
        }
        methods.pointee.xSectorSize = { handle in
            FaultyFile.of(handle).map { $0.methods.xSectorSize($0.real) } ?? 4_096
        }
        methods.pointee.xDeviceCharacteristics = { handle in
            FaultyFile.of(handle).map { $0.methods.xDeviceCharacteristics($0.real) } ?? 0
        }
    }
}

// MARK: - Locks and shared memory, which pass through: a dead process lets them go, too

extension FaultyLayer {
    private static func setLocking(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
        methods.pointee.xLock = { handle, kind in
            guard let file = FaultyFile.of(handle), !file.isDead else { return SQLITE_IOERR }
            return file.methods.xLock(file.real, kind)
        }
        methods.pointee.xUnlock = { handle, kind in
            FaultyFile.of(handle).map { $0.methods.xUnlock($0.real, kind) } ?? SQLITE_MISUSE
        }
        methods.pointee.xCheckReservedLock = { handle, result in
            FaultyFile.of(handle).map { $0.methods.xCheckReservedLock($0.real, result) } ?? SQLITE_MISUSE
        }
    }

    private static func setSharing(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
        methods.pointee.xShmMap = { handle, page, size, extends, result in
            guard let file = FaultyFile.of(handle), !file.isDead else { return SQLITE_IOERR }
            return file.methods.xShmMap(file.real, page, size, extends, result)
        }
        methods.pointee.xShmLock = { handle, offset, count, flags in
            guard let file = FaultyFile.of(handle) else { return SQLITE_MISUSE }
            if file.isDead, flags & SQLITE_SHM_LOCK != 0 { return SQLITE_IOERR }
            return file.methods.xShmLock(file.real, offset, count, flags)
        }
        methods.pointee.xShmBarrier = { handle in
            if let file = FaultyFile.of(handle) { file.methods.xShmBarrier(file.real) }
        }
        methods.pointee.xShmUnmap = { handle, deletes in
            guard let file = FaultyFile.of(handle) else { return SQLITE_MISUSE }
            return file.methods.xShmUnmap(file.real, file.isDead ? 0 : deletes)
        }
    }
}
