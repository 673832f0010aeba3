namespace Gain.Sessions;

/// <summary>Marks the awaiters of parts. Nothing is called by it, which would box them.</summary>
internal interface IPartAwaiter;
