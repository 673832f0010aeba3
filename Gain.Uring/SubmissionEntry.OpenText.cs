namespace Gain.Uring;

/// <content>
/// Paths of files to open or to ask about, as text: the ring keeps the copy until the kernel has its own.
/// </content>
public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>Opens what is there already, by UTF-8 that is copied.</summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpen(ReadOnlySpan<byte> path, OpenFlags flags) =>
        PrepOpen(path, flags, UnixFileMode.None);

    /// <summary>Opens what is there already, below a directory, by UTF-8 that is copied.</summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat(int directory, ReadOnlySpan<byte> path, OpenFlags flags) =>
        PrepOpenat(directory, path, flags, UnixFileMode.None);

    /// <summary>Opens what is there already, by text that is copied.</summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpen(string path, OpenFlags flags) => PrepOpen(path, flags, UnixFileMode.None);

    /// <summary>Opens what is there already, below a directory, by text that is copied.</summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat(int directory, string path, OpenFlags flags) =>
        PrepOpenat(directory, path, flags, UnixFileMode.None);

    /// <summary>
    /// Like <see cref="PrepOpen(byte*, int, uint)"/>; the text is UTF-8 without a zero at the end, and is
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpen(ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepOpen(pathCopy, Kernels(flags), (uint)mode);
    }

    /// <summary>
    /// Like <see cref="PrepOpen(byte*, int, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpen(string path, OpenFlags flags, UnixFileMode mode) => PrepOpen(
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags,
        mode);

    /// <summary>
    /// Like <see cref="PrepOpenDirect(byte*, int, uint, uint)"/>; the text is UTF-8 without a zero at
    /// the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenDirect(ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode, uint fileIndex)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepOpenDirect(pathCopy, Kernels(flags), (uint)mode, fileIndex);
    }

    /// <summary>
    /// Like <see cref="PrepOpenDirect(byte*, int, uint, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenDirect(string path, OpenFlags flags, UnixFileMode mode, uint fileIndex) =>
        PrepOpenDirect(
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags,
        mode,
        fileIndex);

    /// <summary>
    /// Like <see cref="PrepOpenat(int, byte*, int, uint)"/>; what is given is UTF-8, without a zero at the
    /// end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat(
        int directory, ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepOpenat(directory, pathCopy, Kernels(flags), (uint)mode);
    }

    /// <summary>
    /// Like <see cref="PrepOpenat(int, byte*, int, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat(
        int directory, string path, OpenFlags flags, UnixFileMode mode) => PrepOpenat(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags,
        mode);

    /// <summary>
    /// Like <see cref="PrepOpenatDirect(int, byte*, int, uint, uint)"/>; the text is UTF-8 without a
    /// zero at the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenatDirect(
        int directory, ReadOnlySpan<byte> path, OpenFlags flags, UnixFileMode mode, uint fileIndex)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepOpenatDirect(directory, pathCopy, Kernels(flags), (uint)mode, fileIndex);
    }

    /// <summary>
    /// Like <see cref="PrepOpenatDirect(int, byte*, int, uint, uint)"/>; what is given is a string, and
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenatDirect(
        int directory, string path, OpenFlags flags, UnixFileMode mode, uint fileIndex) => PrepOpenatDirect(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags,
        mode,
        fileIndex);

    /// <summary>
    /// Like <see cref="PrepOpenat2(int, byte*, OpenHow*)"/>; what is given is UTF-8, without a zero at the
    /// end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat2(int directory, ReadOnlySpan<byte> path, OpenHow* how)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepOpenat2(directory, pathCopy, how);
    }

    /// <summary>
    /// Like <see cref="PrepOpenat2(int, byte*, OpenHow*)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat2(int directory, string path, OpenHow* how) => PrepOpenat2(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        how);

    /// <summary>
    /// Like <see cref="PrepOpenat2Direct(int, byte*, OpenHow*, uint)"/>; the text is UTF-8 without a
    /// zero at the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat2Direct(int directory, ReadOnlySpan<byte> path, OpenHow* how, uint fileIndex)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepOpenat2Direct(directory, pathCopy, how, fileIndex);
    }

    /// <summary>
    /// Like <see cref="PrepOpenat2Direct(int, byte*, OpenHow*, uint)"/>; what is given is a string, and
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepOpenat2Direct(int directory, string path, OpenHow* how, uint fileIndex) =>
        PrepOpenat2Direct(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        how,
        fileIndex);

    /// <summary>
    /// Like <see cref="PrepStatx(int, byte*, int, uint, FileStatus*)"/>; the text is UTF-8 without a
    /// zero at the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepStatx(
        int directory, ReadOnlySpan<byte> path, int flags, FileStatusFields fields, FileStatus* status)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepStatx(directory, pathCopy, flags, (uint)fields, status);
    }

    /// <summary>
    /// Like <see cref="PrepStatx(int, byte*, int, uint, FileStatus*)"/>; what is given is a string, and
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepStatx(
        int directory, string path, int flags, FileStatusFields fields, FileStatus* status) => PrepStatx(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags,
        fields,
        status);
}
