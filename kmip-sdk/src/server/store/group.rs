//! Commits that go to the disk together: one of those who wait does it for all.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::server::store::{Commit, StoreError};

/// Those who wait for the disk.
#[derive(Default)]
pub(super) struct Group {
    waiting: Mutex<Waiting>,
    done: Condvar,
}

#[derive(Default)]
struct Waiting {
    commits: Vec<(Commit, Arc<Answer>)>,
    is_busy: bool,
}

/// What becomes of a commit.
type Answer = Mutex<Option<Result<(), StoreError>>>;

impl Group {
    /// Has a commit done, by `all`, together with others that come meanwhile.
    pub(super) fn commit(
        &self,
        commit: Commit,
        all: impl Fn(&[Commit]) -> Result<Vec<Result<(), StoreError>>, StoreError>,
    ) -> Result<(), StoreError> {
        let answer = Arc::new(Answer::default());
        let mut waiting = self.lock();
        waiting.commits.push((commit, Arc::clone(&answer)));
        loop {
            if let Some(result) = take(&answer) {
                return result;
            }
            if !waiting.is_busy {
                break;
            }
            waiting = self.done.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.is_busy = true;
        let (commits, answers): (Vec<Commit>, Vec<_>) =
            std::mem::take(&mut waiting.commits).into_iter().unzip();
        drop(waiting);
        // Whatever happens, the others do not wait for ever.
        let _busy = Busy { group: self, answers: &answers };
        match all(&commits) {
            Ok(results) => answers.iter().zip(results).for_each(|(answer, result)| put(answer, result)),
            // One that is too large for the disk is not to keep the others from it.
            Err(error) if commits.len() == 1 => {
                if let Some(answer) = answers.first() {
                    put(answer, Err(error));
                }
            }
            Err(_) => {
                for (commit, answer) in commits.into_iter().zip(&answers) {
                    put(
                        answer,
                        all(&[commit])
                            .and_then(|mut results| results.pop().unwrap_or_else(|| Err(not_done()))),
                    );
                }
            }
        }
        take(&answer).unwrap_or_else(|| Err(not_done()))
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by who does it for all.
struct Busy<'a> {
    group: &'a Group,
    answers: &'a [Arc<Answer>],
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for answer in self.answers {
                put(answer, Err(not_done()));
            }
        }
        self.group.lock().is_busy = false;
        self.group.done.notify_all();
    }
}

/// The error of a commit that nothing is known of.
pub(super) fn not_done() -> StoreError {
    StoreError::Unavailable("the commit was not done".into())
}

fn take(answer: &Answer) -> Option<Result<(), StoreError>> {
    answer.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn put(answer: &Answer, result: Result<(), StoreError>) {
    *answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
}

#[cfg(test)]
mod tests;
