using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

/// <summary>
/// The registered files of a ring: a table of files that submissions name by index, with <see
/// cref="SubmissionFlags.FixedFile"/>. This saves the kernel two atomic operations each time. Made by <see
/// cref="Ring.RegisterFiles(ReadOnlySpan{int}, ReadOnlySpan{ulong})"/>; on the ring's thread only.
/// </summary>
/// <remarks>
/// The table holds the files open, whatever becomes of the descriptors that they came from. A file that
/// leaves the table is closed when the last operation on it has ended; if its tag is not 0, a completion with
/// the tag as its user data says so.
/// </remarks>
public sealed unsafe class FixedFiles : IDisposable
{
    /// <summary>Among descriptors: leaves the file at its place unchanged.</summary>
    public const int Skip = IORING_REGISTER_FILES_SKIP;

    /// <summary>
    /// As an index: the kernel picks a free place (IORING_FILE_INDEX_ALLOC). Linux 5.19.
    /// </summary>
    public const uint AnyIndex = IORING_FILE_INDEX.IORING_FILE_INDEX_ALLOC;

    private readonly Ring _ring;
    private bool _isDisposed;

    internal FixedFiles(Ring ring, uint count)
    {
        _ring = ring;
        Count = count;
    }

    /// <summary>The number of places.</summary>
    public uint Count { get; }

    /// <summary>Replaces files. Linux 5.5, with tags 5.13; io_uring_register_files_update_tag(3).</summary>
    /// <param name="offset">The first place.</param>
    /// <param name="descriptors">The new files; -1 empties a place, <see cref="Skip"/> leaves it.</param>
    /// <param name="tags">A tag for each; or empty.</param>
    /// <returns>How many places were changed: fewer than asked for when one was refused.</returns>
    /// <exception cref="ArgumentException">The number of tags differs from the number of files.</exception>
    /// <exception cref="RingException">EINVAL (out of the table), EBADF, EMFILE.</exception>
    /// <exception cref="ObjectDisposedException">The files were unregistered.</exception>
    public int Update(uint offset, ReadOnlySpan<int> descriptors, ReadOnlySpan<ulong> tags = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Ring.CheckTags(descriptors.Length, tags);

        // SAFETY: the kernel reads both during the call only.
        fixed (int* files = descriptors)
        fixed (ulong* tagList = tags)
        {
            if (tags.IsEmpty)
            {
                io_uring_rsrc_update plain = default;
                plain.offset = offset;
                plain.data = (ulong)files;
                return _ring.RegisterOrThrow(
                    IORING_REGISTER_FILES_UPDATE, &plain, (uint)descriptors.Length, "changed files");
            }

            io_uring_rsrc_update2 update = default;
            update.offset = offset;
            update.data = (ulong)files;
            update.tags = (ulong)tagList;
            update.nr = (uint)descriptors.Length;
            return _ring.RegisterOrThrow(
                IORING_REGISTER_FILES_UPDATE2, &update, (uint)sizeof(io_uring_rsrc_update2), "changed files");
        }
    }

    /// <summary>
    /// Limits the places that the kernel picks from, for <see cref="AnyIndex"/>. Linux 6.0,
    /// io_uring_register_file_alloc_range(3).
    /// </summary>
    /// <param name="offset">The first place.</param>
    /// <param name="length">The number of places.</param>
    /// <exception cref="RingException">EINVAL, EOVERFLOW: the range is not in the table.</exception>
    /// <exception cref="ObjectDisposedException">The files were unregistered.</exception>
    public void SetAllocationRange(uint offset, uint length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        io_uring_file_index_range range = default;
        range.off = offset;
        range.len = length;
        _ = _ring.RegisterOrThrow(IORING_REGISTER_FILE_ALLOC_RANGE, &range, 0, "a range of files");
    }

    /// <summary>
    /// Unregisters the table (io_uring_unregister_files(3)); operations in flight go on. When the ring's
    /// restrictions forbid it, the kernel keeps the table until the ring is disposed of. A second call does
    /// nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Called on another thread. The table is unchanged.
    /// </exception>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _ring.Unregister(this);
            _isDisposed = true;
        }
    }

    // The ring is closed, and the kernel drops the table with it.
    internal void Forget() => _isDisposed = true;
}
