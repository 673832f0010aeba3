namespace Gain.Uring;

/// <content>Extended attributes, with their names and paths as text.</content>
public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Like <see cref="PrepGetxattr(byte*, byte*, byte*, uint)"/>; the text is UTF-8 without a zero at
    /// the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepGetxattr(ReadOnlySpan<byte> name, byte* value, ReadOnlySpan<byte> path, uint length)
    {
        byte* nameCopy = EntryNames.Copy(_sqe, name, path, out byte* pathCopy);
        PrepGetxattr(nameCopy, value, pathCopy, length);
    }

    /// <summary>
    /// Like <see cref="PrepGetxattr(byte*, byte*, byte*, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepGetxattr(string name, byte* value, string path, uint length) => PrepGetxattr(
        EntryNames.Encode(name, stackalloc byte[EntryNames.MaxBytes]),
        value,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        length);

    /// <summary>
    /// Like <see cref="PrepSetxattr(byte*, byte*, byte*, int, uint)"/>; the text is UTF-8 without a
    /// zero at the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepSetxattr(
        ReadOnlySpan<byte> name, byte* value, ReadOnlySpan<byte> path, int flags, uint length)
    {
        byte* nameCopy = EntryNames.Copy(_sqe, name, path, out byte* pathCopy);
        PrepSetxattr(nameCopy, value, pathCopy, flags, length);
    }

    /// <summary>
    /// Like <see cref="PrepSetxattr(byte*, byte*, byte*, int, uint)"/>; what is given is a string, and
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepSetxattr(string name, byte* value, string path, int flags, uint length) => PrepSetxattr(
        EntryNames.Encode(name, stackalloc byte[EntryNames.MaxBytes]),
        value,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags,
        length);

    /// <summary>
    /// Like <see cref="PrepFgetxattr(int, byte*, byte*, uint)"/>; the text is UTF-8 without a zero at
    /// the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepFgetxattr(int fd, ReadOnlySpan<byte> name, byte* value, uint length)
    {
        byte* nameCopy = EntryNames.Copy(_sqe, name, default, out _);
        PrepFgetxattr(fd, nameCopy, value, length);
    }

    /// <summary>
    /// Like <see cref="PrepFgetxattr(int, byte*, byte*, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepFgetxattr(int fd, string name, byte* value, uint length) => PrepFgetxattr(
        fd,
        EntryNames.Encode(name, stackalloc byte[EntryNames.MaxBytes]),
        value,
        length);

    /// <summary>
    /// Like <see cref="PrepFsetxattr(int, byte*, byte*, int, uint)"/>; the text is UTF-8 without a
    /// zero at the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepFsetxattr(int fd, ReadOnlySpan<byte> name, byte* value, int flags, uint length)
    {
        byte* nameCopy = EntryNames.Copy(_sqe, name, default, out _);
        PrepFsetxattr(fd, nameCopy, value, flags, length);
    }

    /// <summary>
    /// Like <see cref="PrepFsetxattr(int, byte*, byte*, int, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepFsetxattr(int fd, string name, byte* value, int flags, uint length) => PrepFsetxattr(
        fd,
        EntryNames.Encode(name, stackalloc byte[EntryNames.MaxBytes]),
        value,
        flags,
        length);
}
