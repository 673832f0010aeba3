using System.Text;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>A path as the kernel takes it, and what it tells of the file there.</summary>
internal sealed class FilePath(string path)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(path + '\0');

    public override string ToString() => path;

    /// <summary>open(2): a descriptor, which ends with an exec, or a negative errno.</summary>
    // SAFETY: the bytes are pinned for the call, end in a zero, and the kernel keeps no pointer to them.
    public unsafe int Open(int flags, uint mode = 0)
    {
        fixed (byte* bytes = _bytes)
        {
            return Libc.Open(bytes, flags | Libc.O_CLOEXEC, mode);
        }
    }

    /// <summary>Finds out what is there; a symbolic link is not followed.</summary>
    /// <returns>0, or a negative errno.</returns>
    // SAFETY: as for Open; the status lives on the stack for the call.
    public unsafe int Look(out FileIdentity file)
    {
        statx status = default;
        int result;
        fixed (byte* bytes = _bytes)
        {
            result = Libc.StatX(
                Libc.AT_FDCWD, bytes, Libc.AT_SYMLINK_NOFOLLOW, FileIdentity.Wanted, &status);
        }

        file = new FileIdentity(status);
        return result;
    }

    /// <summary>unlink(2): 0, or a negative errno.</summary>
    // SAFETY: as for Open.
    public unsafe int Remove()
    {
        fixed (byte* bytes = _bytes)
        {
            return Libc.Unlink(bytes);
        }
    }

    /// <summary>chmod(2): 0, or a negative errno.</summary>
    // SAFETY: as for Open.
    public unsafe int SetMode(uint mode)
    {
        fixed (byte* bytes = _bytes)
        {
            return Libc.ChMod(bytes, mode);
        }
    }
}
