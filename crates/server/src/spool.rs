//! Text messages of tenants without a gateway: each is a file in `data/outbox`, for whoever carries them on or tries things out.

use std::path::PathBuf;

use mingjian_service::ports::{SendFailure, Sms, TextMessage, Texted};

/// Writes text messages into a folder.
pub struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// Into that folder, which is made when it is needed.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Written beside and renamed, so that nobody reads half a message. A second try writes the same file again.
    async fn write(&self, message: &TextMessage) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.folder).await?;
        let text = serde_json::json!({
            "sms_id": message.id,
            "tenant": message.tenant,
            "to": message.to,
            "sign": message.sign,
            "template": message.template,
            "text": message.text,
            "link": message.link,
            "business_no": message.business_no,
        });
        let beside = self.folder.join(format!(".{}.part", message.id));
        tokio::fs::write(&beside, format!("{text:#}\n")).await?;
        tokio::fs::rename(&beside, self.folder.join(format!("{}.json", message.id))).await
    }
}

impl Sms for Spool {
    fn send(&self, message: TextMessage) -> Texted<'_> {
        Box::pin(async move {
            match self.write(&message).await {
                Ok(()) => Ok(None),
                Err(error) => Err(SendFailure::Unreachable(format!("短信文件无法写入：{error}"))),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> TextMessage {
        TextMessage {
            id: "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77".into(),
            tenant: "DEMOBK".into(),
            to: "10000000001".into(),
            text: "【示例银行】您好".into(),
            sign: "示例银行".into(),
            template: String::new(),
            link: "http://127.0.0.1:8080/s/x".into(),
            business_no: "A1".into(),
        }
    }

    #[tokio::test]
    async fn a_message_is_one_file_however_often_it_is_tried() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let spool = Spool::new(folder.path().join("outbox"));
        for _ in 0..2 {
            assert_eq!(spool.send(message()).await, Ok(None));
        }
        let files: Vec<_> = std::fs::read_dir(folder.path().join("outbox")).expect("a folder").collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read(files[0].as_ref().expect("a file").path()).expect("a readable file");
        let json: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!((&json["to"], &json["text"]), (&"10000000001".into(), &"【示例银行】您好".into()));
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("outbox"), "a file").expect("a file in the way");
        let sent = Spool::new(folder.path().join("outbox")).send(message()).await;
        assert!(matches!(sent, Err(SendFailure::Unreachable(_))));
    }
}
