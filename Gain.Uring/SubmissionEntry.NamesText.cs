namespace Gain.Uring;

/// <content>Names to make, to move and to remove, as text.</content>
public readonly unsafe ref partial struct SubmissionEntry
{
    /// <summary>
    /// Like <see cref="PrepUnlink(byte*, int)"/>; the text is UTF-8 without a zero at the end, and is
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepUnlink(ReadOnlySpan<byte> path, int flags)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepUnlink(pathCopy, flags);
    }

    /// <summary>
    /// Like <see cref="PrepUnlink(byte*, int)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepUnlink(string path, int flags) => PrepUnlink(
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags);

    /// <summary>
    /// Like <see cref="PrepUnlinkat(int, byte*, int)"/>; what is given is UTF-8, without a zero at the end,
    /// and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepUnlinkat(int directory, ReadOnlySpan<byte> path, int flags)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepUnlinkat(directory, pathCopy, flags);
    }

    /// <summary>
    /// Like <see cref="PrepUnlinkat(int, byte*, int)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepUnlinkat(int directory, string path, int flags) => PrepUnlinkat(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        flags);

    /// <summary>
    /// Like <see cref="PrepRename(byte*, byte*)"/>; the text is UTF-8 without a zero at the end, and is
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepRename(ReadOnlySpan<byte> oldPath, ReadOnlySpan<byte> newPath)
    {
        byte* oldPathCopy = EntryNames.Copy(_sqe, oldPath, newPath, out byte* newPathCopy);
        PrepRename(oldPathCopy, newPathCopy);
    }

    /// <summary>
    /// Like <see cref="PrepRename(byte*, byte*)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepRename(string oldPath, string newPath) => PrepRename(
        EntryNames.Encode(oldPath, stackalloc byte[EntryNames.MaxBytes]),
        EntryNames.Encode(newPath, stackalloc byte[EntryNames.MaxBytes]));

    /// <summary>
    /// Like <see cref="PrepRenameat(int, byte*, int, byte*, uint)"/>; the text is UTF-8 without a zero
    /// at the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepRenameat(
        int oldDirectory, ReadOnlySpan<byte> oldPath, int newDirectory, ReadOnlySpan<byte> newPath,
        uint flags)
    {
        byte* oldPathCopy = EntryNames.Copy(_sqe, oldPath, newPath, out byte* newPathCopy);
        PrepRenameat(oldDirectory, oldPathCopy, newDirectory, newPathCopy, flags);
    }

    /// <summary>
    /// Like <see cref="PrepRenameat(int, byte*, int, byte*, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepRenameat(
        int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags) => PrepRenameat(
        oldDirectory,
        EntryNames.Encode(oldPath, stackalloc byte[EntryNames.MaxBytes]),
        newDirectory,
        EntryNames.Encode(newPath, stackalloc byte[EntryNames.MaxBytes]),
        flags);

    /// <summary>
    /// Like <see cref="PrepMkdir(byte*, uint)"/>; the text is UTF-8 without a zero at the end, and is
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepMkdir(ReadOnlySpan<byte> path, UnixFileMode mode)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepMkdir(pathCopy, (uint)mode);
    }

    /// <summary>
    /// Like <see cref="PrepMkdir(byte*, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepMkdir(string path, UnixFileMode mode) => PrepMkdir(
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        mode);

    /// <summary>
    /// Like <see cref="PrepMkdirat(int, byte*, uint)"/>; what is given is UTF-8, without a zero at the end,
    /// and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepMkdirat(int directory, ReadOnlySpan<byte> path, UnixFileMode mode)
    {
        byte* pathCopy = EntryNames.Copy(_sqe, path, default, out _);
        PrepMkdirat(directory, pathCopy, (uint)mode);
    }

    /// <summary>
    /// Like <see cref="PrepMkdirat(int, byte*, uint)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepMkdirat(int directory, string path, UnixFileMode mode) => PrepMkdirat(
        directory,
        EntryNames.Encode(path, stackalloc byte[EntryNames.MaxBytes]),
        mode);

    /// <summary>
    /// Like <see cref="PrepSymlink(byte*, byte*)"/>; the text is UTF-8 without a zero at the end, and is
    /// copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepSymlink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> linkPath)
    {
        byte* targetCopy = EntryNames.Copy(_sqe, target, linkPath, out byte* linkPathCopy);
        PrepSymlink(targetCopy, linkPathCopy);
    }

    /// <summary>
    /// Like <see cref="PrepSymlink(byte*, byte*)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepSymlink(string target, string linkPath) => PrepSymlink(
        EntryNames.Encode(target, stackalloc byte[EntryNames.MaxBytes]),
        EntryNames.Encode(linkPath, stackalloc byte[EntryNames.MaxBytes]));

    /// <summary>
    /// Like <see cref="PrepSymlinkat(byte*, int, byte*)"/>; what is given is UTF-8, without a zero at the
    /// end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepSymlinkat(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> linkPath)
    {
        byte* targetCopy = EntryNames.Copy(_sqe, target, linkPath, out byte* linkPathCopy);
        PrepSymlinkat(targetCopy, directory, linkPathCopy);
    }

    /// <summary>
    /// Like <see cref="PrepSymlinkat(byte*, int, byte*)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepSymlinkat(string target, int directory, string linkPath) => PrepSymlinkat(
        EntryNames.Encode(target, stackalloc byte[EntryNames.MaxBytes]),
        directory,
        EntryNames.Encode(linkPath, stackalloc byte[EntryNames.MaxBytes]));

    /// <summary>
    /// Like <see cref="PrepLink(byte*, byte*, int)"/>; what is given is UTF-8, without a zero at the end,
    /// and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepLink(ReadOnlySpan<byte> oldPath, ReadOnlySpan<byte> newPath, int flags)
    {
        byte* oldPathCopy = EntryNames.Copy(_sqe, oldPath, newPath, out byte* newPathCopy);
        PrepLink(oldPathCopy, newPathCopy, flags);
    }

    /// <summary>
    /// Like <see cref="PrepLink(byte*, byte*, int)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepLink(string oldPath, string newPath, int flags) => PrepLink(
        EntryNames.Encode(oldPath, stackalloc byte[EntryNames.MaxBytes]),
        EntryNames.Encode(newPath, stackalloc byte[EntryNames.MaxBytes]),
        flags);

    /// <summary>
    /// Like <see cref="PrepLinkat(int, byte*, int, byte*, int)"/>; the text is UTF-8 without a zero at
    /// the end, and copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepLinkat(
        int oldDirectory, ReadOnlySpan<byte> oldPath, int newDirectory, ReadOnlySpan<byte> newPath,
        int flags)
    {
        byte* oldPathCopy = EntryNames.Copy(_sqe, oldPath, newPath, out byte* newPathCopy);
        PrepLinkat(oldDirectory, oldPathCopy, newDirectory, newPathCopy, flags);
    }

    /// <summary>
    /// Like <see cref="PrepLinkat(int, byte*, int, byte*, int)"/>; the text is a string, and is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A name has a zero byte, or 4,096 bytes or more.</exception>
    public void PrepLinkat(
        int oldDirectory, string oldPath, int newDirectory, string newPath, int flags) => PrepLinkat(
        oldDirectory,
        EntryNames.Encode(oldPath, stackalloc byte[EntryNames.MaxBytes]),
        newDirectory,
        EntryNames.Encode(newPath, stackalloc byte[EntryNames.MaxBytes]),
        flags);
}
