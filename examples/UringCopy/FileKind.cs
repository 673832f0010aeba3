using Gain.Uring;

namespace Gain.UringCopy;

/// <summary>What kind of file something is.</summary>
internal static class FileKind
{
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <exception cref="IOException">It is not a regular file.</exception>
    public static void RequireRegular(in FileStatus status, string path)
    {
        string? kind = (status.Mode & TypeMask) switch
        {
            Regular => null,
            0x4000 => "a directory",
            0x2000 => "a character device",
            0x6000 => "a block device",
            0x1000 => "a pipe",
            0xC000 => "a socket",
            _ => "of a kind that is not known",
        };
        if (kind is not null)
        {
            throw new IOException($"{path} is {kind}: only regular files are copied, and replaced.");
        }
    }

    /// <summary>Whether two paths lead to one file, however they are written.</summary>
    public static bool IsSame(in FileStatus first, in FileStatus second) =>
        (first.DeviceMajor, first.DeviceMinor, first.Inode)
            == (second.DeviceMajor, second.DeviceMinor, second.Inode);
}
