using Gain.Uring;

namespace Gain.UringLog;

/// <summary>
/// Breaks a write and its sync before the kernel gets them: the seam at which tests inject what a ring can
/// tell of.
/// </summary>
/// <param name="write">The write, prepared.</param>
/// <param name="sync">The sync that is linked to it, prepared.</param>
internal delegate void EntryFault(SubmissionEntry write, SubmissionEntry sync);
