using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    private FixedFiles? _files;

    /// <summary>
    /// Registers files, which submissions then name by index. Linux 5.1, with tags 5.13;
    /// io_uring_register_files(3), io_uring_register_files_tags(3).
    /// </summary>
    /// <param name="descriptors">The files; -1 leaves a place empty (Linux 5.5).</param>
    /// <param name="tags">
    /// For each, the user data of the completion that says it is no longer in use; or empty.
    /// </param>
    /// <returns>The table. It is disposed of with this ring, if not before.</returns>
    /// <exception cref="ArgumentException">The number of tags differs from the number of files.</exception>
    /// <exception cref="RingException">
    /// EBUSY (the ring has a table), EBADF, EMFILE (more than RLIMIT_NOFILE), EINVAL (no files, or too many).
    /// </exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedFiles RegisterFiles(ReadOnlySpan<int> descriptors, ReadOnlySpan<ulong> tags = default)
    {
        CheckTags(descriptors.Length, tags);
        fixed (int* files = descriptors)
        fixed (ulong* tagList = tags)
        {
            // SAFETY: the kernel reads the lists during the call only.
            if (tags.IsEmpty)
            {
                _ = RegisterOrThrow(IORING_REGISTER_FILES, files, (uint)descriptors.Length, "files");
            }
            else
            {
                RegisterResources(
                    IORING_REGISTER_FILES2, files, tagList, (uint)descriptors.Length, 0, "files");
            }
        }

        return _files = new FixedFiles(this, (uint)descriptors.Length);
    }

    /// <summary>
    /// Registers a table of files that is empty. Linux 5.19, io_uring_register_files_sparse(3).
    /// </summary>
    /// <param name="count">The number of places, at least 1.</param>
    /// <returns>The table. It is disposed of with this ring, if not before.</returns>
    /// <exception cref="RingException">As for the other registrations of files.</exception>
    /// <exception cref="InvalidOperationException">Called on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The ring was disposed of.</exception>
    public FixedFiles RegisterFilesSparse(uint count)
    {
        RegisterResources(
            IORING_REGISTER_FILES2, null, null, count, IORING_RSRC.IORING_RSRC_REGISTER_SPARSE, "files");
        return _files = new FixedFiles(this, count);
    }

    // Nothing changes when it throws. Where restrictions forbid the call, the table stays the kernel's until
    // the ring is closed.
    internal void Unregister(FixedFiles files)
    {
        CheckOwner();
        if (_files == files && TryUnregister(IORING_UNREGISTER_FILES, "no files"))
        {
            _files = null;
        }
    }

    private bool TryUnregister(uint operation, string what)
    {
        int result = Register(operation, null, 0);
        if (result == -Errno.EACCES)
        {
            return false;
        }

        _ = Checked(result, operation, what);
        return true;
    }

    internal static void CheckTags(int count, ReadOnlySpan<ulong> tags)
    {
        if (tags.Length != 0 && tags.Length != count)
        {
            throw new ArgumentException(
                $"There are {tags.Length} tags for {count}: give one for each, or none.", nameof(tags));
        }
    }

    // SAFETY: the kernel reads the lists during the call only.
    private void RegisterResources(
        uint operation, void* list, ulong* tags, uint count, uint flags, string what)
    {
        io_uring_rsrc_register registration = default;
        registration.nr = count;
        registration.flags = flags;
        registration.data = (ulong)list;
        registration.tags = (ulong)tags;
        _ = RegisterOrThrow(operation, &registration, (uint)sizeof(io_uring_rsrc_register), what);
    }
}
