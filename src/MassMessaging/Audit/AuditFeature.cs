using MassMessaging.Audit.Archiving;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

public static class AuditFeature
{
    public const string ArchivesQueue = "archives";

    public static Feature Feature { get; } = new("audit", Services, Kernel, Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton(ArchiveFolder.From(builder.Configuration));
    }

    private static void Kernel(KernelBuilder kernel) => kernel
        .ChainView<AuditLink>()
        .Queue(new QueueOptions(ArchivesQueue))
        .Message<ArchiveCampaign, ArchiveCampaignHandler>("archive_campaign", ArchivesQueue);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit").ScopedByMethod();
        ReadTrail.Map(audit);
        ReadMemberHistory.Map(audit);
        StateAsOf.Map(audit);
        MemberAsOf.Map(audit);
        ReplayCampaign.Map(audit);
        ExportProof.Map(audit);
        VerifyProof.Map(audit);
        ArchiveCampaignEndpoint.Map(audit);
        ReadArchive.Map(audit);
    }
}
