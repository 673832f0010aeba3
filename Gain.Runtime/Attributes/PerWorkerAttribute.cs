namespace Gain;

/// <summary>
/// Marks a struct or class that each worker has one instance of. A callback that takes it by <c>ref</c> gets
/// its worker's instance. All connections of the worker share it without a lock, because a worker runs one
/// callback at a time.
/// </summary>
/// <remarks>
/// The instance is made on the worker's thread when the server starts, by the public constructor without
/// parameters or by a factory given to <see cref="GainOptions.PerWorker"/>, and lives as long as the worker.
/// If it is <see cref="IDisposable"/>, the worker disposes it after the last <c>OnClose</c>. Every callback
/// with a <see cref="Connection"/> can take one or several such types: a struct by <c>ref</c> or <c>in</c>, a
/// class by value as well. Connections of another worker have another instance, so state that all clients
/// must see does not belong here.
/// </remarks>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Class, Inherited = false)]
public sealed class PerWorkerAttribute : Attribute;
