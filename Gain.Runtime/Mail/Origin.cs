namespace Gain.Mail;

/// <summary>Where a socket was accepted. Not the listener, which may be closed and its place another's while
/// the socket is on its way.</summary>
/// <param name="Address">The number of the server's address that serves it.</param>
/// <param name="Tag">What the listener was given when it was added; 0 for those of the start.</param>
internal readonly record struct Origin(byte Address, byte Tag);
