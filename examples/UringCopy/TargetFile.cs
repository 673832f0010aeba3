using Gain.Uring;
using Gain.UringFiles;
using Microsoft.Win32.SafeHandles;

namespace Gain.UringCopy;

/// <summary>
/// The file to make: written beside its place under a name that nobody has, and put there when it is whole.
/// What was there before stays until then, and for good when the copy fails.
/// </summary>
internal sealed unsafe class TargetFile : IDisposable
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const uint OwnerOnly = 0x180;
    private const uint NoReplace = 1;
    private const int Exists = -17;
    private const int Invalid = -22;

    private readonly Ring _ring;
    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _replaces;
    private bool _isPlaced;

    /// <exception cref="IOException">It may not be replaced, or cannot be made.</exception>
    public TargetFile(Ring ring, CopySettings settings, in FileStatus source)
    {
        _ring = ring;

        // A link stays one: what it leads to is replaced.
        var named = new FileInfo(settings.Destination);
        _path = named.LinkTarget is null
            ? settings.Destination
            : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (ring.StatusOf(_path) is { } there)
        {
            FileKind.RequireRegular(there, settings.Destination);
            if (FileKind.IsSame(there, source))
            {
                throw new IOException($"{settings.Source} and {settings.Destination} are the same file.");
            }

            _replaces = settings.Force ? true : throw Taken();
        }

        string name = Path.GetFileName(_path);
        _temporary = Path.Combine(
            Path.GetDirectoryName(_path)!, $".{name}.{Guid.NewGuid():N}.part");
        Descriptor = ring.Open(_temporary, WriteOnly | Create | Exclusive, OwnerOnly);
    }

    public int Descriptor { get; }

    /// <summary>Puts the file in its place.</summary>
    /// <param name="mode">Its permissions.</param>
    /// <exception cref="IOException">Somebody made a file of that name in the meantime.</exception>
    public void Place(UnixFileMode mode)
    {
        using (var handle = new SafeFileHandle(Descriptor, ownsHandle: false))
        {
            File.SetUnixFileMode(handle, mode);
        }

        // What is replaced has to be there after a power failure, or what replaces it.
        if (_replaces)
        {
            Sync();
        }

        int result = Rename(_replaces ? 0 : NoReplace);
        if (result == Invalid && !_replaces)
        {
            result = Link();
        }

        if (result == Exists)
        {
            throw Taken();
        }

        RingSteps.Checked(result, $"make {_path}");
        _isPlaced = true;
    }

    /// <summary>Waits until the file is on its device.</summary>
    public void Sync()
    {
        RingSteps.Next(_ring).PrepFsync(Descriptor, FileSyncFlags.None);
        _ring.Complete($"sync {_path}");
    }

    public void Dispose()
    {
        _ring.Close(Descriptor);
        if (!_isPlaced)
        {
            using var path = new RingSteps.NativePath(_temporary);
            RingSteps.Next(_ring).PrepUnlinkat(SubmissionEntry.CurrentDirectory, path.Text, 0);
            _ring.Complete($"remove {_temporary}");
        }
    }

    private int Rename(uint flags)
    {
        using var from = new RingSteps.NativePath(_temporary);
        using var to = new RingSteps.NativePath(_path);
        const int here = SubmissionEntry.CurrentDirectory;
        RingSteps.Next(_ring).PrepRenameat(here, from.Text, here, to.Text, flags);
        return _ring.Finish();
    }

    // Of file systems that cannot rename without replacing: the second name is refused where there is one.
    private int Link()
    {
        using var from = new RingSteps.NativePath(_temporary);
        using var to = new RingSteps.NativePath(_path);
        const int here = SubmissionEntry.CurrentDirectory;
        RingSteps.Next(_ring).PrepLinkat(here, from.Text, here, to.Text, 0);
        int result = _ring.Finish();
        if (result >= 0)
        {
            RingSteps.Next(_ring).PrepUnlinkat(here, from.Text, 0);
            _ring.Complete($"remove {_temporary}");
        }

        return result;
    }

    private IOException Taken() => new($"{_path} exists: --force replaces it.");
}
