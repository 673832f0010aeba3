using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// A folder of a test's own, paths in it as the kernel takes them, and what else is to be given back.
/// </summary>
internal sealed unsafe class TempFolder : IDisposable
{
    private readonly List<nint> _texts = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("gain-uring-").FullName;

    /// <summary>A path in the folder.</summary>
    internal string At(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>A path in the folder, NUL-terminated, until the folder is disposed of.</summary>
    internal byte* Path(string name) => Text(At(name));

    /// <summary>Any text, NUL-terminated, until the folder is disposed of.</summary>
    internal byte* Text(string text)
    {
        nint memory = Marshal.StringToCoTaskMemUTF8(text);
        _texts.Add(memory);
        return (byte*)memory;
    }

    /// <summary>Makes a file of the given bytes.</summary>
    internal byte* File(string name, ReadOnlySpan<byte> content)
    {
        System.IO.File.WriteAllBytes(At(name), content);
        return Path(name);
    }

    /// <summary>Opens a file for reading and writing, by the ring.</summary>
    internal int Open(Ring ring, string name, int flags = 2)
    {
        ring.Entry(0).PrepOpen(Path(name), flags | 0x80000, 0x1A4);
        int fd = ring.Next().Result;
        Assert.That(fd, Is.GreaterThan(0), Errno.Describe(-fd));
        return fd;
    }

    public void Dispose()
    {
        _texts.ForEach(Marshal.FreeCoTaskMem);
        Directory.Delete(_folder, recursive: true);
    }
}
